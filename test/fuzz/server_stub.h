/*
 * server_stub.h
 *		As much of the server as reading keys and schemas needs, for a program
 *		without one.
 */
#ifndef SERVER_STUB_H
#define SERVER_STUB_H

#include <setjmp.h>

/* ereport(ERROR) jumps here, and leaves its SQLSTATE. */
extern sigjmp_buf stub_thrown;
extern int	stub_sqlstate;

/* Everything that was allocated, every piece by malloc(), and not yet freed. */
extern void stub_free_all(void);

#endif							/* SERVER_STUB_H */
