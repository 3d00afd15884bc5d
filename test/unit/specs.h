/*
 * specs.h
 *		Small trainings that between them use every model and every option.
 */
#ifndef UNIT_SPECS_H
#define UNIT_SPECS_H

#include "problem.h"

extern const ProblemSpec small_specs[];
extern const int small_spec_count;

/* A name for messages. */
extern const char *spec_name(const ProblemSpec *spec);

#endif							/* UNIT_SPECS_H */
