// users: steps of a test in a child process, as whoever runs the tests and as an ordinary user.

#ifndef SOCKSH_TESTS_USERS_H
#define SOCKSH_TESTS_USERS_H

enum { ORDINARY_USER = 65534 }; // nobody

// Runs `steps` in a child as that user and gives what it returned; 100 when the user cannot be
// changed to.
int status_as(unsigned user, int (*steps)(void));

// Expects `steps` to give 0, as whoever runs the tests, and when that is root as an ordinary user
// as well; for steps that make a network of their own. Skips the test where somebody of these may
// not make one.
void expect_all_steps(int (*steps)(void));

#endif
