/** A database brings its users with it, as they were. For a person, before a recovery begins. */
export const usersOfThen =
  'its users have the passwords of then, the master as well: where one was changed since, as by a rotation in Secrets Manager, applications cannot log in until it is set again.';
