/*
 * test_svg.c
 *		The text of pictures: numbers, names of any bytes, and running out of memory.
 */
#include <math.h>
#include <string.h>

#include "support.h"
#include "core/plot/svg.h"

/* Start over, so that svg->text holds what follows alone. */
static void
begin(GaeEnv *env, GaeSvg *svg)
{
	gae_svg_begin(env, svg, 10, 20);
	svg->length = 0;
}

#define assert_text(svg, expected) \
	do { \
		gae_svg_put(&(svg), ""); \
		assert_int_equal((svg).status, GAE_OK); \
		assert_int_equal((svg).length, strlen(expected)); \
		assert_memory_equal((svg).text, expected, strlen(expected)); \
		(svg).length = 0; \
	} while (0)

static void
test_document(void **state)
{
	GaeSvg		svg;
	const char *start = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"20.5\" viewBox=\"0 0 10 20.5\"";

	gae_svg_begin(*state, &svg, 10, 20.5);
	gae_svg_put(&svg, "<g/>");
	assert_ok(*state, gae_svg_end(&svg));
	assert_memory_equal(svg.text, start, strlen(start));
	assert_memory_equal(svg.text + svg.length - 10, "<g/></svg>", 10);
}

static void
test_numbers(void **state)
{
	static const struct
	{
		double		number;
		const char *text;
	}			numbers[] = {
		{0, "0"}, {-0.0, "0"}, {0.04, "0"}, {-0.04, "0"}, {0.05, "0.1"}, {-0.06, "-0.1"}, {1, "1"},
		{12.34, "12.3"}, {-12.36, "-12.4"}, {99.96, "100"}, {800, "800"}, {123456.7, "123456.7"}
	};
	GaeSvg		svg;
	char		text[GAE_COUNT_BYTES];

	begin(*state, &svg);
	for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
	{
		gae_svg_number(&svg, numbers[n].number);
		assert_text(svg, numbers[n].text);
	}
	gae_svg_attribute(&svg, "cx", -1.5);
	assert_text(svg, " cx=\"-1.5\"");
	gae_svg_count(&svg, 1234567);
	assert_text(svg, "1,234,567");
	assert_string_equal(gae_count_text(0, text), "0");
	assert_string_equal(gae_count_text(999, text), "999");
	assert_string_equal(gae_count_text(1000, text), "1,000");
	assert_string_equal(gae_count_text(INT64_MAX, text), "9,223,372,036,854,775,807");
	gae_svg_print(&svg, "%d < %s", 5, "\"6\"");
	assert_text(svg, "5 &lt; &quot;6&quot;");
}

/* Whatever the bytes of a name, what is written is ASCII that XML allows. */
static void
test_names(void **state)
{
	static const struct
	{
		const char *name;
		const char *text;
	}			names[] = {
		{"", ""},
		{"<a href='x'>&\"</a>", "&lt;a href='x'&gt;&amp;&quot;&lt;/a&gt;"},
		{"]]>", "]]&gt;"},
		{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "&#233;&#8364;&#128512;"},
		{"a\tb\nc\rd", "a b c d"},
		{"\x01\x1F\x7F", "&#65533;&#65533;&#65533;"},
		{"\xC2\x85\xC2\xA0", "&#65533;&#160;"},
		{"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD", "&#65533;&#65533;&#65533;"},
		{"\xF0\x9F\xBF\xBE", "&#65533;"},	/* U+1FFFE */
		{"\xED\xA0\x80", "&#65533;"},	/* a surrogate */
		{"\xC0\x80\xE0\x80\x80", "&#65533;&#65533;&#65533;"},	/* overlong */
		{"\xF4\x90\x80\x80", "&#65533;"},	/* beyond Unicode */
		{"\xFF\xFE\x80", "&#65533;&#65533;&#65533;"},
		{"\xC3", "&#65533;"}, {"\xE2\x82", "&#65533;"}, {"\xE2\x82x", "&#65533;x"}, {"\xF0\x9F\x98", "&#65533;"},
	};
	GaeSvg		svg;

	begin(*state, &svg);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
	{
		gae_svg_name(&svg, names[n].name, (int64_t) strlen(names[n].name), 100, 1000);
		assert_text(svg, names[n].text);
	}
	gae_svg_name(&svg, "a\0b", 3, 100, 1000);
	assert_text(svg, "a&#65533;b");
}

/* A text is cut to a number of characters, of which the last is an ellipsis, or of bytes. */
static void
test_cut(void **state)
{
	GaeSvg		svg;
	TestRandom	random = {3};
	char		name[60];

	begin(*state, &svg);
	gae_svg_name(&svg, "abcdef", 6, 6, 1000);
	assert_text(svg, "abcdef");
	gae_svg_name(&svg, "abcdef", 6, 5, 1000);
	assert_text(svg, "abcd&#8230;");
	gae_svg_name(&svg, "\xC3\xA9\xC3\xA9\xC3\xA9", 6, 2, 1000);
	assert_text(svg, "&#233;&#8230;");
	for (int round = 0; round < 2000; round++)
	{
		int			length = (int) test_random_below(&random, sizeof(name));
		int			bytes = 20 + (int) test_random_below(&random, 200);

		for (int b = 0; b < length; b++)
			name[b] = (char) test_random_below(&random, 256);
		gae_svg_name(&svg, name, length, 1000, bytes);
		assert_uint_in_range(svg.length, 0, (uintmax_t) bytes + 8);
		for (int64_t b = 0; b < svg.length; b++)
			assert_true(svg.text[b] >= ' ' && svg.text[b] < 0x7F && strchr("<>\"", svg.text[b]) == NULL);
		svg.length = 0;
	}
}

static void
test_width(void **state)
{
	(void) state;
	assert_true(gae_text_width("", 0, 10, 10) == 0);
	assert_true(gae_text_width("iii", 3, 10, 10) < gae_text_width("nnn", 3, 10, 10));
	assert_true(gae_text_width("nnn", 3, 10, 10) < gae_text_width("WWW", 3, 10, 10));
	assert_near(gae_text_width("nnnn", 4, 10, 20), 4 * gae_text_width("n", 1, 10, 20), 1e-9, 1);
	assert_near(gae_text_width("nnnn", 4, 2, 20), 2 * gae_text_width("n", 1, 10, 20), 1e-9, 1);
	assert_true(gae_text_width("\xE4\xB8\xAD", 3, 10, 10) == 10);
}

/* A text grows as needed; without memory it says so at the end, and harms nobody. */
static void
test_memory(void **state)
{
	GaeEnv	   *env = *state;
	GaeSvg		svg;

	gae_svg_begin(env, &svg, 10, 10);
	for (int i = 0; i < 50000; i++)
		gae_svg_put(&svg, "<g/>\n");
	assert_ok(env, gae_svg_end(&svg));
	assert_memory_equal(svg.text + svg.length - 11, "<g/>\n</svg>", 11);

	for (int64_t fail = 1; fail <= 2; fail++)
	{
		test_context(env)->fail_at = test_context(env)->allocations + fail;
		gae_svg_begin(env, &svg, 10, 10);
		for (int i = 0; i < 50000; i++)
			gae_svg_name(&svg, "<", 1, 10, 10);
		assert_status(GAE_OUT_OF_MEMORY, gae_svg_end(&svg));
		assert_int_equal(env->error.status, GAE_OUT_OF_MEMORY);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_document),
		TEST(test_numbers),
		TEST(test_names),
		TEST(test_cut),
		TEST(test_width),
		TEST(test_memory),
	};

	return cmocka_run_group_tests_name("svg", tests, NULL, NULL);
}
