"""Shows that a failure here is heard there."""
import unittest


class Failing(unittest.TestCase):
    def test_fails(self):
        self.assertEqual(1, 2)


unittest.main()
