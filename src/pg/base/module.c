/*
 * module.c
 *		The library as PostgreSQL loads it.
 */
#include "postgres.h"

#include "fmgr.h"

#include "pg/base/settings.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

/*
 * The postmaster may load us and fork afterwards: nothing here may start a
 * thread or touch BLAS.
 */
void
_PG_init(void)
{
	vgae_settings_define();
}
