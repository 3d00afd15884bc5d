/*
 * handler_probe.c
 *		Where do a process's signal handlers run?
 *
 * Preloaded (LD_PRELOAD) into a server and its children, it puts itself before every
 * handler that they install, and counts in a file that all of them map: how often
 * handlers of each signal ran on the process's first thread, and how often on
 * another one.  The file's name is in the environment variable HANDLER_PROBE; it
 * holds two arrays of SIGNALS numbers of 64 bits.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNALS 65

typedef struct Counts
{
	_Atomic uint64_t first[SIGNALS];
	_Atomic uint64_t other[SIGNALS];
} Counts;

static Counts *counts;
static struct sigaction installed[SIGNALS];
static int	(*real_sigaction) (int, const struct sigaction *, struct sigaction *);

__attribute__((constructor))
static void
start(void)
{
	const char *name = getenv("HANDLER_PROBE");
	int			file = name != NULL ? open(name, O_RDWR) : -1;

	real_sigaction = (int (*) (int, const struct sigaction *, struct sigaction *))
		dlsym(RTLD_NEXT, "sigaction");
	if (file < 0)
		return;
	counts = mmap(NULL, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (counts == MAP_FAILED)
		counts = NULL;
	close(file);
}

static void
probe(int number, siginfo_t *info, void *context)
{
	const struct sigaction *action = &installed[number];

	if (syscall(SYS_gettid) == syscall(SYS_getpid))
		counts->first[number]++;
	else
		counts->other[number]++;
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(number, info, context);
	else
		action->sa_handler(number);
}

int
sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
	struct sigaction probing;
	struct sigaction former;

	if (counts == NULL || number <= 0 || number >= SIGNALS)
		return real_sigaction(number, action, before);
	former = installed[number];
	if (action == NULL || action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN)
	{
		if (real_sigaction(number, action, before) != 0)
			return -1;
	}
	else
	{
		installed[number] = *action;
		probing = *action;
		probing.sa_flags |= SA_SIGINFO;
		probing.sa_sigaction = probe;
		if (real_sigaction(number, &probing, before) != 0)
			return -1;
	}

	/* They are to see what they installed, not us. */
	if (before != NULL && before->sa_sigaction == probe)
		*before = former;
	return 0;
}
