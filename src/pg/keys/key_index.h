/*
 * key_index.h
 *		What users call their nodes, sparse features, categories and labels: sorted
 *		keys, of which the one with index i is the i-th.
 *
 * All keys are of one type and ascending: integers by value, text and uuid bytewise.
 */
#ifndef VGAE_KEY_INDEX_H
#define VGAE_KEY_INDEX_H

#include "lib/stringinfo.h"

typedef enum VgaeKeyType
{
	VGAE_KEY_INTEGER = 1,
	VGAE_KEY_TEXT = 2,
	VGAE_KEY_UUID = 3
} VgaeKeyType;

/* The keys of a model or of an input; key_set.c and key_sort.c have unsorted ones as well. */
typedef struct VgaeKeys
{
	VgaeKeyType type;
	int32		count;
	const int64 *integer;		/* VGAE_KEY_INTEGER: count values */
	const uint64 *offset;		/* VGAE_KEY_TEXT: count + 1 places in "bytes" */
	const char *bytes;			/* VGAE_KEY_TEXT and, 16 bytes each, VGAE_KEY_UUID */
} VgaeKeys;

/* "integer", "text" or "uuid" */
extern const char *vgae_key_type_name(VgaeKeyType type);

/* The SQL type that keys of this type are given and returned as: "bigint", "text" or "uuid". */
extern const char *vgae_key_sql_type(VgaeKeyType type);

/* The key as a Datum of that SQL type, in the current memory context. */
extern Datum vgae_key_datum(const VgaeKeys *keys, int32 index);

/* The index of a key given as a Datum of that SQL type, or -1. */
extern int32 vgae_key_find(const VgaeKeys *keys, Datum key);

/* map[i] = former_first + the index in "former" of key i of "keys", or -1. */
extern void vgae_keys_map(const VgaeKeys *keys, const VgaeKeys *former, int32 former_first,
						  int32 *map);

/* That map, with former_first 0, in fresh memory. */
extern int32 *vgae_keys_new_map(const VgaeKeys *keys, const VgaeKeys *former);

/* For messages: the key as a user would type it (text in quotes), cut if it is long. */
extern char *vgae_key_display(const VgaeKeys *keys, int32 index);

/* As the blob that a model stores, and back; false for a blob that is not one. */
extern void vgae_keys_write(const VgaeKeys *keys, StringInfo blob);
extern bool vgae_keys_read(const uint8 *blob, int64 length, VgaeKeys *keys);

/* ---- for the other files of this folder ---- */

/* Keys handled between two looks at interrupts. */
#define VGAE_POLL_KEYS (1 << 16)

/* Bytes compared one by one between two looks at interrupts: about a millisecond's work. */
#define VGAE_POLL_BYTES (1 << 20)

/* The bytes of a text or uuid key. */
extern void vgae_key_bytes(const VgaeKeys *keys, int32 index, const char **bytes, int64 *length);

/* The order of text and uuid keys: below 0, 0 or above 0. */
extern int	vgae_bytes_compare(const char *a, int64 a_length, const char *b, int64 b_length);

/* The index in low … high - 1 of a text or uuid key given as bytes, or -1. */
extern int32 vgae_key_find_bytes(const VgaeKeys *keys, int32 low, int32 high,
								 const char *key, int64 key_length);

#endif							/* VGAE_KEY_INDEX_H */
