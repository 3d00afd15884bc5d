/*
 * no_textdomain.c
 *		Translations do nothing: under a preloaded address sanitizer Debian's server
 *		hangs in these.
 */
#include <stddef.h>

extern char *textdomain(const char *domain);
extern char *bindtextdomain(const char *domain, const char *directory);
extern char *bind_textdomain_codeset(const char *domain, const char *codeset);

char *
textdomain(const char *domain)
{
	(void) domain;
	return NULL;
}

char *
bindtextdomain(const char *domain, const char *directory)
{
	(void) domain;
	(void) directory;
	return NULL;
}

char *
bind_textdomain_codeset(const char *domain, const char *codeset)
{
	(void) domain;
	(void) codeset;
	return NULL;
}
