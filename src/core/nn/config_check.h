/*
 * config_check.h
 *		What the arguments of a training may be, and which of them apply to a model.
 */
#ifndef GAE_CONFIG_CHECK_H
#define GAE_CONFIG_CHECK_H

#include "core/nn/config.h"

/* Check all arguments; the error names the first thing wrong.  Errors: GAE_INVALID_ARGUMENT. */
extern GaeStatus gae_config_check(GaeEnv *env, const GaeConfig *config);

#endif							/* GAE_CONFIG_CHECK_H */
