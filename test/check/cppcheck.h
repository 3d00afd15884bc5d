/*
 * cppcheck.h
 *		What cppcheck, which does not read the server's headers, must know of them.
 */
#define PG_VERSION_NUM 180000
#define PG_TRY() if (1) {
#define PG_CATCH() } else {
#define PG_FINALLY() } {
#define PG_END_TRY() }
#define foreach(cell, list) for (cell = list_head(list); cell != 0; cell = lnext(list, cell))
#define dlist_foreach(iter, head) for (iter = dlist_first(head); (iter).cur != 0; iter = dlist_next(iter))
