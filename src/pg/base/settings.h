/*
 * settings.h
 *		The settings that users may change: vgae.threads and vgae.memory_limit.
 */
#ifndef VGAE_SETTINGS_H
#define VGAE_SETTINGS_H

/* Define them; called once, when the library is loaded. */
extern void vgae_settings_define(void);

/* Compute threads that a call may use, at least 1. */
extern int	vgae_setting_threads(void);

/* Bytes that a training may need; 0 = any. */
extern int64 vgae_setting_memory_limit(void);

#endif							/* VGAE_SETTINGS_H */
