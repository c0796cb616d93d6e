"""What the programs share: clients by AWS_ENDPOINT_URL as boto3 makes them, refusals by code, and waiting in region time."""
import time
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

APPLIANCE = "i-0a1b2c3d4e5f60718"
DEVICE = "/dev/sdh"
ZONE = "eu-west-1a"

# boto3's own waiters with their own conditions; only the pause between two looks is shorter.
SOON = {"Delay": 1, "MaxAttempts": 90}


def client(name):
    return boto3.client(name, config=Config(retries={"mode": "standard"}))


def outputs():
    stack = client("cloudformation").describe_stacks(StackName="Holdfast")["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def until(look, seconds=90):
    """The first truthy answer of look(), within so many seconds of the wall clock."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s")


class Asking(unittest.TestCase):
    def refused(self, code, call, status=None, **request):
        with self.assertRaises(ClientError) as caught:
            call(**request)
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], code)
        if status is not None:
            self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)
        return response["Error"].get("Message", "")

