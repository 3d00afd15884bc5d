/*
 * settings.c
 *		The settings that users may change: vgae.threads and vgae.memory_limit.
 */
#include "postgres.h"

#include <limits.h>
#include <sched.h>
#include <unistd.h>

#include "utils/guc.h"

#include "core/base/parallel.h"
#include "pg/base/compat.h"
#include "pg/base/settings.h"

#define KILOBYTE INT64CONST(1024)

static int	setting_threads = 0;
static int	setting_memory_limit = 0;

/* Half of the machine's memory, in kilobytes; 0 where the system does not tell. */
static int
half_of_memory(void)
{
	int64		pages = sysconf(_SC_PHYS_PAGES);
	int64		page_size = sysconf(_SC_PAGESIZE);
	int64		kilobytes;

	if (pages <= 0 || page_size <= 0)
		return 0;
	kilobytes = (int64) ((double) pages * page_size / 2 / KILOBYTE);
	return (int) Min(kilobytes, INT_MAX);
}

/*
 * The processors that this process may run on.  Every call asks: the scheduler
 * answers in far less time than sysconf, which reads files.
 */
static int
machine_cores(void)
{
#ifdef CPU_COUNT
	cpu_set_t	allowed;

	/* Fails on machines with more processors than the set holds. */
	if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
		return Max(1, Min(CPU_COUNT(&allowed), GAE_MAX_THREADS));
#endif
	return (int) Max(1, Min(sysconf(_SC_NPROCESSORS_ONLN), GAE_MAX_THREADS));
}

void
vgae_settings_define(void)
{
	DefineCustomIntVariable("vgae.threads",
							"Sets the number of compute threads that a call may use.",
							"0 means as many as the machine has cores. Results do not depend on it.",
							&setting_threads,
							0, 0, GAE_MAX_THREADS,
							PGC_USERSET, 0,
							NULL, NULL, NULL);

	DefineCustomIntVariable("vgae.memory_limit",
							"Sets the memory that a call may take.",
							"A training whose estimate is above it fails at once; an input, a list of links, "
							"an encoding or a new graph, when it takes more. 0 means no limit.",
							&setting_memory_limit,
							half_of_memory(), 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);

	MarkGUCPrefixReserved("vgae");
}

int
vgae_setting_threads(void)
{
	return setting_threads > 0 ? setting_threads : machine_cores();
}

int64
vgae_setting_memory_limit(void)
{
	return setting_memory_limit * KILOBYTE;
}
