/*
 * svg.h
 *		Building the text of an SVG picture.
 *
 * The text is ASCII, whatever the names in it: other characters are written as
 * references (&#233;), so that it means the same in every encoding.  After a failure all
 * further calls do nothing; gae_svg_end() returns the failure.
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

/* Begin a picture with a white background; width and height in pixels. */
extern void gae_svg_begin(GaeEnv *env, GaeSvg *svg, double width, double height);

/* End the picture: its text is svg->text, of svg->length bytes. */
extern GaeStatus gae_svg_end(GaeSvg *svg);

/* Append markup as it is. */
extern void gae_svg_put(GaeSvg *svg, const char *markup);

/* Append a number with one decimal: a coordinate to a tenth of a pixel. */
extern void gae_svg_number(GaeSvg *svg, double number);

/* Append an attribute, such as cx="12.5", after a space. */
extern void gae_svg_attribute(GaeSvg *svg, const char *name, double number);

/* Write a count with commas, 1,234,567, into "text"; returns it. */
#define GAE_COUNT_BYTES 32
extern const char *gae_count_text(int64_t count, char text[GAE_COUNT_BYTES]);
extern void gae_svg_count(GaeSvg *svg, int64_t count);

/* Append a text formatted as by printf, escaped; it must be ASCII and below 256 bytes. */
extern void gae_svg_print(GaeSvg *svg, const char *format, ...) GAE_PRINTF(2, 3);

/*
 * Append a user's text, escaped.  Bytes that are not UTF-8, and characters that XML does
 * not have, become U+FFFD.  A text of more than "characters" characters, or one whose
 * markup would take more than "bytes" bytes, is cut and ends with an ellipsis.
 */
extern void gae_svg_name(GaeSvg *svg, const char *text, int64_t length, int characters, int bytes);

/* The next character of a text in UTF-8; *text, which is before "end", moves behind it. */
extern uint32_t gae_next_character(const char **text, const char *end);

/* The approximate width in pixels of its first "characters" characters, in a sans-serif font. */
extern double gae_text_width(const char *text, int64_t length, int characters, double font_size);

#endif							/* GAE_SVG_H */
