/*
 * svg.h
 *		Building the text of an SVG picture.
 *
 * The text is ASCII, whatever the names in it: other characters are written as
 * references (&#233;), so it means the same in every encoding.  A failure is kept
 * and makes all that follows do nothing: gae_svg_end() returns it.
 */
#ifndef GAE_SVG_H
#define GAE_SVG_H

#include "core/base/env.h"

typedef struct GaeSvg
{
	GaeEnv	   *env;
	char	   *text;
	int64_t		length;
	int64_t		capacity;
	GaeStatus	status;
} GaeSvg;

/* Begin a picture of this size in pixels, on white. */
extern void gae_svg_begin(GaeEnv *env, GaeSvg *svg, double width, double height);

/* Finish it: the text is svg->text, of svg->length bytes. */
extern GaeStatus gae_svg_end(GaeSvg *svg);

/* Markup as it is. */
extern void gae_svg_put(GaeSvg *svg, const char *markup);

/* A coordinate, to a tenth of a pixel. */
extern void gae_svg_number(GaeSvg *svg, double number);

/* An attribute: cx="12.5" */
extern void gae_svg_attribute(GaeSvg *svg, const char *name, double number);

/* A count as people read it: 1,234,567.  Returns "text". */
#define GAE_COUNT_BYTES 32
extern const char *gae_count_text(int64_t count, char text[GAE_COUNT_BYTES]);
extern void gae_svg_count(GaeSvg *svg, int64_t count);

/* A text formatted as by printf, which must be ASCII and short; it is escaped. */
extern void gae_svg_print(GaeSvg *svg, const char *format, ...) GAE_PRINTF(2, 3);

/*
 * A user's text in UTF-8, or what should be: bytes that are not, and characters
 * that XML does not have, become U+FFFD.  What is longer than so many characters, or
 * takes more bytes here, is cut and gets an ellipsis.
 */
extern void gae_svg_name(GaeSvg *svg, const char *text, int64_t length, int characters, int bytes);

/* The next character of such a text, of which there is at least one byte. */
extern uint32_t gae_next_character(const char **text, const char *end);

/* About how wide so many characters of it are in a sans-serif font of that size. */
extern double gae_text_width(const char *text, int64_t length, int characters, double font_size);

#endif							/* GAE_SVG_H */
