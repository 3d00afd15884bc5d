/*
 * svg.c
 *		Building the text of an SVG picture.
 */
#include "core/plot/svg.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INITIAL_BYTES 65536

/* The character in place of one that cannot be shown, and that in place of the rest. */
#define REPLACEMENT 0xFFFD
#define ELLIPSIS 0x2026

/* Room for a number, a reference or a printed text. */
#define PIECE_BYTES 256

static void
append(GaeSvg *svg, const char *text, int64_t length)
{
	if (svg->status != GAE_OK)
		return;
	if (svg->length + length > svg->capacity)
	{
		int64_t		capacity = 2 * (svg->length + length);
		char	   *larger = gae_alloc(svg->env, capacity, 1);

		if (larger == NULL)
		{
			svg->status = svg->env->error.status;
			return;
		}
		memcpy(larger, svg->text, (size_t) svg->length);
		gae_free(svg->env, svg->text);
		svg->text = larger;
		svg->capacity = capacity;
	}
	memcpy(svg->text + svg->length, text, (size_t) length);
	svg->length += length;
}

void
gae_svg_begin(GaeEnv *env, GaeSvg *svg, double width, double height)
{
	*svg = (GaeSvg) {.env = env, .capacity = INITIAL_BYTES, .status = GAE_OK};
	svg->text = gae_alloc(env, INITIAL_BYTES, 1);
	if (svg->text == NULL)
		svg->status = env->error.status;
	gae_svg_put(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	gae_svg_attribute(svg, "width", width);
	gae_svg_attribute(svg, "height", height);
	gae_svg_put(svg, " viewBox=\"0 0 ");
	gae_svg_number(svg, width);
	gae_svg_put(svg, " ");
	gae_svg_number(svg, height);
	gae_svg_put(svg, "\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" "
				"fill=\"#333\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
}

GaeStatus
gae_svg_end(GaeSvg *svg)
{
	gae_svg_put(svg, "</svg>");
	return svg->status;
}

void
gae_svg_put(GaeSvg *svg, const char *markup)
{
	append(svg, markup, (int64_t) strlen(markup));
}

/* printf is slow, and its decimal point depends on the locale. */
void
gae_svg_number(GaeSvg *svg, double number)
{
	char		digits[PIECE_BYTES];
	char	   *start = digits + sizeof(digits);
	int64_t		tenths = (int64_t) floor(fabs(number) * 10 + 0.5);
	bool		negative = number < 0 && tenths > 0;

	if (tenths % 10 != 0)
	{
		*--start = (char) ('0' + tenths % 10);
		*--start = '.';
	}
	tenths /= 10;
	do
		*--start = (char) ('0' + tenths % 10);
	while ((tenths /= 10) > 0);
	if (negative)
		*--start = '-';
	append(svg, start, digits + sizeof(digits) - start);
}

void
gae_svg_attribute(GaeSvg *svg, const char *name, double number)
{
	gae_svg_put(svg, " ");
	gae_svg_put(svg, name);
	gae_svg_put(svg, "=\"");
	gae_svg_number(svg, number);
	gae_svg_put(svg, "\"");
}

const char *
gae_count_text(int64_t count, char text[GAE_COUNT_BYTES])
{
	char	   *start = &text[GAE_COUNT_BYTES - 1];

	*start = '\0';
	for (int place = 0; place == 0 || count > 0; place++, count /= 10)
	{
		if (place > 0 && place % 3 == 0)
			*--start = ',';
		*--start = (char) ('0' + count % 10);
	}
	return memmove(text, start, strlen(start) + 1);
}

void
gae_svg_count(GaeSvg *svg, int64_t count)
{
	char		text[GAE_COUNT_BYTES];

	gae_svg_put(svg, gae_count_text(count, text));
}

void
gae_svg_print(GaeSvg *svg, const char *format, ...)
{
	char		text[PIECE_BYTES];
	va_list		args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	gae_svg_name(svg, text, (int64_t) strlen(text), PIECE_BYTES, 8 * PIECE_BYTES);
}

/* How many bytes follow the first byte of a character; *bits: the character's bits in it. */
static int
lead_byte(unsigned char byte, uint32_t *bits)
{
	if (byte >= 0xC2 && byte <= 0xDF)
		return *bits = byte & 0x1F, 1;
	if (byte >= 0xE0 && byte <= 0xEF)
		return *bits = byte & 0x0F, 2;
	if (byte >= 0xF0 && byte <= 0xF4)
		return *bits = byte & 0x07, 3;
	*bits = byte < 0x80 ? byte : REPLACEMENT;
	return 0;
}

/* Is it a character of XML 1.0 that is not a control character? */
static bool
is_allowed(uint32_t character)
{
	if (character < 0x20 || (character >= 0x7F && character <= 0x9F))
		return false;
	if (character >= 0xD800 && character <= 0xDFFF)
		return false;
	return (character & 0xFFFE) != 0xFFFE && character <= 0x10FFFF;
}

uint32_t
gae_next_character(const char **text, const char *end)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	uint32_t	character;
	int			following = lead_byte((unsigned char) *(*text)++, &character);

	for (int i = 0; i < following; i++)
	{
		if (*text == end || (**text & 0xC0) != 0x80)
			return REPLACEMENT;
		character = character << 6 | (*(*text)++ & 0x3F);
	}
	if (character == '\t' || character == '\n' || character == '\r')
		return ' ';
	return character >= least[following] && is_allowed(character) ? character : REPLACEMENT;
}

/* Write a character as markup; returns the length. */
static int
escape(uint32_t character, char piece[PIECE_BYTES])
{
	switch (character)
	{
		case '&':
			return sprintf(piece, "&amp;");
		case '<':
			return sprintf(piece, "&lt;");
		case '>':
			return sprintf(piece, "&gt;");
		case '"':
			return sprintf(piece, "&quot;");
	}
	if (character >= 0x80)
		return sprintf(piece, "&#%u;", (unsigned) character);
	piece[0] = (char) character;
	return 1;
}

void
gae_svg_name(GaeSvg *svg, const char *text, int64_t length, int characters, int bytes)
{
	const char *end = text + length;
	char		piece[PIECE_BYTES];

	while (text < end)
	{
		const char *next = text;
		int			size = escape(gae_next_character(&next, end), piece);

		/* The last character stands in the place that the ellipsis would take. */
		if ((characters <= 1 || bytes < 2 * size) && next < end)
			size = escape(ELLIPSIS, piece), next = end;
		append(svg, piece, size);
		text = next;
		characters--;
		bytes -= size;
	}
}

/* The width of a character in Helvetica, in thousandths of the font's size. */
static int
character_width(uint32_t character)
{
	static const struct
	{
		const char *letters;
		int			width;
	}			groups[] = {
		{"ijl'", 222}, {"ft .,:;/!I|[]", 278}, {"r()-\"", 333}, {"ckszvxyJ", 500},
		{"FTZ<>=+~", 600}, {"ABEKPSVXY&", 667}, {"CDHNRUw", 722}, {"GOQ", 778}, {"mM", 833},
		{"W%@", 944}
	};

	if (character >= 0x1100)
		return 1000;			/* ideographs and the like */
	for (size_t g = 0; character < 0x80 && g < sizeof(groups) / sizeof(groups[0]); g++)
		if (strchr(groups[g].letters, (int) character) != NULL)
			return groups[g].width;
	return 556;					/* digits, and most small letters */
}

double
gae_text_width(const char *text, int64_t length, int characters, double font_size)
{
	const char *end = text + length;
	int64_t		width = 0;

	for (; text < end && characters > 0; characters--)
		width += character_width(gae_next_character(&text, end));
	return (double) width * font_size / 1000;
}
