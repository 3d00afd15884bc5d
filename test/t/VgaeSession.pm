# A session that stays open, whose statements can be sent without waiting for them.
package VgaeSession;

use strict;
use warnings FATAL => 'all';

use IO::Select;
use IPC::Open3;
use Time::HiRes qw(time usleep);

# Ends what a statement prints.
my $end = '== end of statement ==';

# Connect; the statements given are run at the start.
sub new
{
	my ($class, $node, @statements) = @_;
	my $self = bless { node => $node, output => '' }, $class;

	$self->{psql} = open3($self->{to}, $self->{from}, undef,
		'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('postgres'));
	$self->{to}->autoflush(1);
	$self->{select} = IO::Select->new($self->{from});
	$self->{pid} = $self->ask('SELECT pg_backend_pid()');
	$self->ask($_) foreach @statements;
	return $self;
}

# The backend's process.
sub pid
{
	my ($self) = @_;

	return $self->{pid};
}

sub send
{
	my ($self, $statement) = @_;

	local $SIG{PIPE} = 'IGNORE';
	print { $self->{to} } "$statement;\n\\echo '$end'\n";
	return;
}

# What the statement that was sent printed, errors included; or undef if it has not
# ended after $seconds seconds.  After the end of the session, what there is.
sub receive
{
	my ($self, $seconds) = @_;
	my $deadline = time + $seconds;

	while ($self->{output} !~ /^\Q$end\E\n/m)
	{
		my $left = $deadline - time;

		return undef if $left <= 0;
		next unless $self->{select}->can_read($left);	# or a signal came
		if (!sysread($self->{from}, $self->{output}, 65536, length $self->{output}))
		{
			$self->{ended} = 1;
			last;
		}
	}
	my ($printed, $rest) = split /^\Q$end\E\n/m, $self->{output}, 2;
	$self->{output} = $rest // '';
	$printed = '' unless defined $printed;
	chomp $printed;
	return $printed;
}

sub ask
{
	my ($self, $statement) = @_;

	$self->send($statement);
	return $self->receive(600) // die "no answer to: $statement";
}

# Has the connection ended?
sub ended
{
	my ($self) = @_;

	return $self->{ended};
}

# Leave, and wait until the backend is gone.
sub close
{
	my ($self) = @_;

	close $self->{to};
	while (sysread($self->{from}, my $ignored, 65536)) { }
	close $self->{from};
	waitpid $self->{psql}, 0;
	for (my $i = 0; $i < 10000 && kill(0, $self->{pid}); $i++)
	{
		usleep(1000);
	}
	return;
}

1;
