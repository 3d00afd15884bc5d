# What the tests of the extension's scripts share: the scripts, and what the extension
# is made of once they have run.
package Extension;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use File::Basename;
use File::Path 'make_path';
use FindBin;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(source_directory default_version scripts install_script install_scripts upgrade_scripts describe_extension copy_server);

sub source_directory
{
	return "$FindBin::RealBin/../..";
}

sub default_version
{
	my ($version) = slurp_file(source_directory() . '/vgae.control') =~ /^default_version\s*=\s*'(.*)'/m;

	return $version;
}

# The script that installs the default version, which make has put together.
sub install_script
{
	return source_directory() . '/vgae--' . default_version() . '.sql';
}

# All scripts of the extension, with those of former versions and the upgrades.
sub scripts
{
	return (install_script(), glob(source_directory() . '/sql/vgae--*.sql'));
}

# The versions that can be installed, and the steps from one to another.
sub install_scripts
{
	return sort map { m{/vgae--([^-/]+)\.sql$} ? $1 : () } scripts();
}

sub upgrade_scripts
{
	return sort map { m{/vgae--([^-/]+)--([^-/]+)\.sql$} ? "$1 to $2" : () } scripts();
}

# Every object of the extension in a database, a line each, with all that a script can
# give it; without object ids, so that two databases can be compared.
sub describe_extension
{
	my ($node, $database) = @_;

	return $node->safe_psql(
		$database, q{
		SET search_path = pg_catalog;
		WITH member AS (
			SELECT d.classid, d.objid
			FROM pg_depend d JOIN pg_extension e ON d.refclassid = e.tableoid AND d.refobjid = e.oid
			WHERE e.extname = 'vgae' AND d.deptype = 'e'),
		of_function AS (
			SELECT p.tableoid AS classid, p.oid AS objid,
				jsonb_build_object('schema', n.nspname, 'arguments', pg_get_function_arguments(p.oid),
					'result', pg_get_function_result(p.oid), 'language', l.lanname, 'source', p.prosrc, 'library', p.probin,
					'kind', p.prokind, 'volatility', p.provolatile, 'parallel', p.proparallel, 'strict', p.proisstrict,
					'leakproof', p.proleakproof, 'definer', p.prosecdef, 'settings', p.proconfig, 'acl', p.proacl,
					'cost', p.procost, 'rows', p.prorows, 'set', p.proretset, 'support', p.prosupport::text,
					'argument_types', p.proargtypes::regtype[]::text, 'all_types', p.proallargtypes::regtype[]::text,
					'result_type', p.prorettype::regtype::text) AS text
			FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang),
		of_aggregate AS (
			SELECT 'pg_proc'::regclass::oid AS classid, a.aggfnoid::oid AS objid,
				to_jsonb(a) - 'aggfnoid' - 'aggtranstype' || jsonb_build_object('state', a.aggtranstype::regtype::text) AS text
			FROM pg_aggregate a),
		of_relation AS (
			SELECT c.tableoid AS classid, c.oid AS objid,
				jsonb_build_object('kind', c.relkind, 'acl', c.relacl, 'options', c.reloptions,
					'view', pg_get_viewdef(c.oid), 'columns', (SELECT jsonb_agg(jsonb_build_array(a.attname,
						format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) FROM pg_attribute a
						WHERE a.attrelid = c.oid AND a.attnum > 0)) AS text
			FROM pg_class c)
		SELECT concat_ws(' ', pg_describe_object(m.classid, m.objid, 0), f.text, a.text, r.text,
			to_jsonb(obj_description(m.objid, m.classid::regclass::text::name)))
		FROM member m LEFT JOIN of_function f USING (classid, objid) LEFT JOIN of_aggregate a USING (classid, objid)
			LEFT JOIN of_relation r USING (classid, objid)
		ORDER BY 1});
}

# A copy of a node's server that finds extensions in a directory of its own, where there
# are those of the server to begin with: the directory of its programs, which find the rest
# by where they lie, and that of the extensions.
sub copy_server
{
	my ($node) = @_;
	my $root = PostgreSQL::Test::Utils::tempdir();
	my ($programs, $libraries, $share) = map { $node->config_data($_) } qw(--bindir --pkglibdir --sharedir);

	make_path("$root$programs", dirname("$root$libraries"), "$root$share/extension");
	system('cp', '-aL', "$programs/.", "$root$programs") == 0 or die "cannot copy $programs";
	symlink $libraries, "$root$libraries" or die "$libraries: $!";
	foreach my $file (grep { !m{/extension$} } glob("$share/*"), glob("$share/extension/*"))
	{
		symlink $file, "$root$file" or die "$file: $!";
	}
	return ("$root$programs", "$root$share/extension");
}

1;
