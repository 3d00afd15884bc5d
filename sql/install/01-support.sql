/* Planner support */

CREATE FUNCTION vgae_rows_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_rows_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_rows_support(internal) IS
$$Planner support: estimates that a function returns as many rows as its argument k, n or steps says, where
that is known when the query is planned.$$;

CREATE FUNCTION vgae_node_rows_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_node_rows_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_node_rows_support(internal) IS
$$Planner support: estimates that a function returns a row for each node of its model, or as many as its
argument k or n says, where these are known when the query is planned.$$;

CREATE FUNCTION vgae_link_probability_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_link_probability_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_link_probability_support(internal) IS
$$Planner support: estimates the cost of vgae_link_probability from its argument samples, where that is known
when the query is planned.$$;

CREATE FUNCTION vgae_reals_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'vgae_reals_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION vgae_reals_support(internal) IS
$$Planner support: gives a function that takes float8[] a real[] as it is, and spares the cast, where that
is seen when the query is planned.$$;
