/*
 * server_stub.c
 *		Memory, errors, encodings and interrupts of a server that is none.
 *
 * Each piece of memory comes from malloc() in its own size, so that the address
 * sanitizer sees what lies beside it.
 */
#include "postgres.h"

#include "lib/ilist.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/compat.h"
#include "server_stub.h"

sigjmp_buf	stub_thrown;
int			stub_sqlstate;

/* ---- memory ---- */

/* Before each piece; the piece is aligned as malloc() does. */
typedef union Piece
{
	dlist_node	node;
	max_align_t alignment;
} Piece;

static dlist_head pieces = DLIST_STATIC_INIT(pieces);

MemoryContext CurrentMemoryContext = NULL;

void *
palloc(Size size)
{
	Piece	   *piece = malloc(sizeof(Piece) + size);

	if (piece == NULL)
		abort();
	dlist_push_head(&pieces, &piece->node);
	return piece + 1;
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void
pfree(void *pointer)
{
	Piece	   *piece = (Piece *) pointer - 1;

	dlist_delete(&piece->node);
	free(piece);
}

void *
repalloc(void *pointer, Size size)
{
	Piece	   *piece = (Piece *) pointer - 1;

	dlist_delete(&piece->node);
	piece = realloc(piece, sizeof(Piece) + size);
	if (piece == NULL)
		abort();
	dlist_push_head(&pieces, &piece->node);
	return piece + 1;
}

void
stub_free_all(void)
{
	while (!dlist_is_empty(&pieces))
		pfree(dlist_container(Piece, node, dlist_head_node(&pieces)) + 1);
}

char *
pnstrdup(const char *in, Size length)
{
	char	   *copy;

	length = strnlen(in, length);
	copy = memcpy(palloc(length + 1), in, length);
	copy[length] = '\0';
	return copy;
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return palloc(size);
}

void *
MemoryContextAllocExtended(MemoryContext context, Size size, int flags)
{
	return flags & MCXT_ALLOC_ZERO ? palloc0(size) : palloc(size);
}

/* ---- errors and interrupts ---- */

volatile sig_atomic_t InterruptPending = false;

void
ProcessInterrupts(void)
{
}

bool
errstart(int elevel, const char *domain)
{
	return true;
}

bool
errstart_cold(int elevel, const char *domain)
{
	return true;
}

int
errcode(int sqlerrcode)
{
	stub_sqlstate = sqlerrcode;
	return 0;
}

int
errmsg(const char *fmt,...)
{
	return 0;
}

int
errmsg_internal(const char *fmt,...)
{
	stub_sqlstate = ERRCODE_INTERNAL_ERROR;
	return 0;
}

int
errdetail(const char *fmt,...)
{
	return 0;
}

int
errhint(const char *fmt,...)
{
	return 0;
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	siglongjmp(stub_thrown, 1);
}

/* ---- text ---- */

int
GetDatabaseEncoding(void)
{
	return PG_UTF8;
}

const char *
GetDatabaseEncodingName(void)
{
	return "UTF8";
}

bool
pg_verify_mbstr(int encoding, const char *mbstr, int len, bool noError)
{
	const unsigned char *bytes = (const unsigned char *) mbstr;
	int			length;

	for (; len > 0; bytes += length, len -= length)
	{
		length = pg_utf_mblen(bytes);
		if (*bytes == '\0' || length > len || !pg_utf8_islegal(bytes, length))
			return false;
	}
	return true;
}

text *
cstring_to_text_with_len(const char *s, int len)
{
	text	   *result = palloc(len + VARHDRSZ);

	SET_VARSIZE(result, len + VARHDRSZ);
	memcpy(VARDATA(result), s, len);
	return result;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *datum)
{
	return datum;
}

/* Shown as they are; nothing is known of quotes and of the form of a uuid. */
char *
quote_literal_cstr(const char *rawstr)
{
	return pnstrdup(rawstr, strlen(rawstr));
}

Datum
uuid_out(PG_FUNCTION_ARGS)
{
	return (Datum) 0;
}

Datum
DirectFunctionCall1Coll(PGFunction func, Oid collation, Datum arg1)
{
	return CStringGetDatum(pnstrdup("uuid", 4));
}

int
pg_mbcliplen(const char *mbstr, int len, int limit)
{
	int			clip = 0;

	while (clip < len && clip + pg_encoding_mblen(PG_UTF8, mbstr + clip) <= limit)
		clip += pg_encoding_mblen(PG_UTF8, mbstr + clip);
	return clip;
}
