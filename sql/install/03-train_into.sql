/* Train into a table */

CREATE PROCEDURE vgae_train_into(
	target regclass,
	name text,
@training_arguments@,
	warm_start_from text DEFAULT NULL
)
AS 'MODULE_PATHNAME', 'vgae_train_into'
LANGUAGE C;

COMMENT ON PROCEDURE vgae_train_into(regclass, text, @training_argument_types@, text) IS
$$Trains a model as vgae_train does for the same arguments and stores it in the table target: it inserts
the row (name, model, trained_at) or, if the name is there, updates it.
It is meant for long trainings: it reads, commits, trains without a snapshot or a lock, so that VACUUM can
remove old rows and nobody waits, and then stores the model, all with the caller's rights.
warm_start_from goes on from the weights of a stored model, as warm_start does: that of the row of target
with this name, which the caller must be allowed to select. A name that is not there is an error.
target needs the columns name, model (bytea) and trained_at (timestamptz) and a unique key on name; this,
the rights to insert all three, to update model and trained_at and to select name, and all arguments are
checked before anything is read. CHECKs, policies, triggers and partitions of target show when it stores.
Inside a transaction block, a function, an exception block or a procedure that is SECURITY DEFINER or has
a SET clause it is an error at once.
Example: CALL vgae_train_into('models', 'citations', 'citation', nodes => 'paper', epochs => 2000)$$;
