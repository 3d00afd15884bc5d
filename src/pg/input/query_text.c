/*
 * query_text.c
 *		From the text that a user gives as an input to the query that reads it.
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "pg/input/query_text.h"

static const char *
skip_space(const char *text)
{
	while (scanner_isspace(*text))
		text++;
	return text;
}

static bool
is_identifier_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IS_HIGHBIT_SET(c);
}

/* The end of the identifier that the text begins with; NULL if it does not. */
static const char *
skip_identifier(const char *text)
{
	if (*text == '"')
	{
		const char *start = ++text;

		/* Two quotes are one quote inside. */
		while (*text != '\0' && (*text != '"' || text[1] == '"'))
			text += *text == '"' ? 2 : 1;
		return *text == '"' && text > start ? text + 1 : NULL;
	}
	if (!is_identifier_start(*text))
		return NULL;
	while (is_identifier_start(*text) || (*text >= '0' && *text <= '9') || *text == '$')
		text++;
	return text;
}

/*
 * Is the text one or more identifiers with dots between?  SplitIdentifierString
 * takes anything without a space for an identifier, "VALUES(1,2)" as well.
 */
static bool
is_qualified_name(const char *text)
{
	for (;;)
	{
		text = skip_identifier(skip_space(text));
		if (text == NULL)
			return false;
		text = skip_space(text);
		if (*text == '\0')
			return true;
		if (*text++ != '.')
			return false;
	}
}

static const char *
make_query(const char *text)
{
	StringInfoData query;
	List	   *names;
	ListCell   *lc;

	if (!is_qualified_name(text) || !SplitIdentifierString(pstrdup(text), '.', &names))
		return text;
	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT * FROM ");
	foreach(lc, names)
		appendStringInfo(&query, "%s%s", lc == list_head(names) ? "" : ".",
						 quote_identifier(lfirst(lc)));
	return query.data;
}

void
vgae_refuse_query(const char *argument, int sqlstate, const char *detail)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("argument \"%s\" must be the name of a relation or a query that only reads",
					argument),
			 errdetail_internal("%s", detail),
			 errhint("Give the name of a table or view, or one SELECT, VALUES, WITH or TABLE query.")));
}

/* A position in the query is not one in the statement that the client sent. */
static void
move_error_position(void *query)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(query);
	}
}

static List *
parse(const char *query)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = move_error_position,
		.arg = unconstify(char *, query),
	};
	List	   *statements;

	error_context_stack = &callback;
	statements = raw_parser(query, RAW_PARSE_DEFAULT);
	error_context_stack = callback.previous;
	return statements;
}

/*
 * Does the query lock rows, or change them in a WITH?  *(const char **) context = what it
 * does.  A walker for raw_expression_tree_walker().
 */
static bool
find_writing(Node *node, void *context)
{
	const char **found = context;

	if (node == NULL)
		return false;
	if (IsA(node, CommonTableExpr) && !IsA(((CommonTableExpr *) node)->ctequery, SelectStmt))
		*found = "Its WITH clause changes data.";
	else if (IsA(node, SelectStmt) && ((SelectStmt *) node)->lockingClause != NIL)
		*found = "It locks rows.";
	return *found != NULL || raw_expression_tree_walker(node, find_writing, context);
}

/* The query must be one SELECT, in the wide sense of the grammar. */
static void
check_query(const char *argument, const char *query)
{
	const char *writing = NULL;
	List	   *statements = parse(query);
	Node	   *statement;
	SelectStmt *select;

	if (statements == NIL)
		vgae_refuse_query(argument, ERRCODE_SYNTAX_ERROR, "It is empty.");
	if (list_length(statements) > 1)
		vgae_refuse_query(argument, ERRCODE_SYNTAX_ERROR,
						  psprintf("It has %d statements.", list_length(statements)));

	statement = linitial_node(RawStmt, statements)->stmt;
	if (!IsA(statement, SelectStmt))
		vgae_refuse_query(argument, ERRCODE_FEATURE_NOT_SUPPORTED,
						  psprintf("It is a statement of type %s.",
								   GetCommandTagName(CreateCommandTag(statement))));

	/* The leftmost SELECT of a set operation holds its INTO. */
	select = (SelectStmt *) statement;
	while (select->op != SETOP_NONE)
		select = select->larg;
	if (select->intoClause != NULL)
		vgae_refuse_query(argument, ERRCODE_FEATURE_NOT_SUPPORTED, "It has an INTO clause.");

	find_writing(statement, &writing);
	if (writing != NULL)
		vgae_refuse_query(argument, ERRCODE_FEATURE_NOT_SUPPORTED, writing);
}

const char *
vgae_query_of_text(const char *argument, const char *text)
{
	const char *query = make_query(text);

	check_query(argument, query);
	return query;
}
