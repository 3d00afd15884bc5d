/*
 * picture.c
 *		Looking at the text of pictures.
 */
#include "picture.h"

#include <ctype.h>
#include <string.h>

#define MOST_DEPTH 20

/* Past a name of an element or attribute, of which there is at least a letter. */
static const char *
skip_name(const char *at)
{
	assert_true(isalpha((unsigned char) *at));
	while (isalnum((unsigned char) *at) || *at == '-')
		at++;
	return at;
}

/* Past text or an attribute's value, which ends at "end". */
static const char *
skip_text(const char *at, char end)
{
	for (; *at != end && *at != '\0'; at++)
	{
		assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7F));
		assert_true(*at != '<' && (*at != '>' || end == '"'));
		if (*at == '&')
		{
			const char *semicolon = strchr(at, ';');

			assert_non_null(semicolon);
			assert_true(semicolon - at < 10);
			assert_true(strncmp(at, "&#", 2) == 0 || strncmp(at, "&amp;", 5) == 0 ||
						strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
						strncmp(at, "&quot;", 6) == 0);
		}
	}
	return at;
}

char *
picture_check(GaeEnv *env, const char *svg, int64_t length)
{
	char	   *text = gae_alloc(env, length + 1, 1);
	const char *open[MOST_DEPTH];
	size_t		open_length[MOST_DEPTH];
	const char *at = text;
	int			depth = 0;

	memcpy(text, svg, (size_t) length);
	text[length] = '\0';
	assert_int_equal(strlen(text), length);
	do
	{
		const char *name = at + 1 + (at[1] == '/');
		const char *end = skip_name(name);

		assert_int_equal(*at, '<');
		if (at[1] == '/')
		{
			depth--;
			assert_true(depth >= 0 && open_length[depth] == (size_t) (end - name));
			assert_memory_equal(open[depth], name, open_length[depth]);
			at = end;
		}
		else
		{
			assert_true(depth < MOST_DEPTH);
			open[depth] = name;
			open_length[depth++] = (size_t) (end - name);
			for (at = end; *at == ' ';)
			{
				at = skip_name(at + 1);
				assert_memory_equal(at, "=\"", 2);
				at = skip_text(at + 2, '"') + 1;
			}
			if (*at == '/')
				depth--, at++;
		}
		assert_int_equal(*at, '>');
		at = skip_text(at + 1, '<');
	} while (depth > 0);
	assert_int_equal(at - text, length);
	return text;
}

int64_t
picture_count(const char *svg, const char *what)
{
	int64_t		count = 0;

	while ((svg = strstr(svg, what)) != NULL)
	{
		count++;
		svg += strlen(what);
	}
	return count;
}

const char *
picture_next(const char **svg, const char *before, const char *after, char *room, int64_t room_bytes)
{
	const char *start = *svg != NULL ? strstr(*svg, before) : NULL;
	const char *end = start != NULL ? strstr(start + strlen(before), after) : NULL;
	int64_t		length;

	*svg = end;
	if (end == NULL)
		return NULL;
	start += strlen(before);
	length = end - start;
	assert_true(length < room_bytes);
	memcpy(room, start, (size_t) length);
	room[length] = '\0';
	return room;
}
