/*
 * model_parse.c
 *		From the bytes of a model to the model, its keys and the names of its features.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "common/string.h"
#include "fmgr.h"
#include "miscadmin.h"

#include "core/model/codec.h"
#include "core/model/format.h"
#include "pg/base/compat.h"
#include "pg/base/env_pg.h"
#include "pg/base/long_memory.h"
#include "pg/model/model_parse.h"

/* Bytes of a stored model that are fetched between two looks at interrupts: some milliseconds. */
#define FETCH_BYTES (4 * 1024 * 1024)

static void
refuse_model(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid vgae model"),
			 errdetail_internal("%s", detail),
			 errhint(GAE_INVALID_MODEL_HINT)));
}

/*
 * As detoast_attr() does, but in slices, with looks at interrupts between them.  Of a
 * compressed value no slice can be fetched by itself; but weights do not compress.
 */
struct varlena *
vgae_model_fetch(struct varlena *stored)
{
	struct varatt_external pointer;
	struct varlena *model;
	int32		length;

	if (!VARATT_IS_EXTERNAL_ONDISK(stored))
		return pg_detoast_datum_packed(stored);
	VARATT_EXTERNAL_GET_POINTER(pointer, stored);
	if (VARATT_EXTERNAL_IS_COMPRESSED(pointer))
		return detoast_attr(stored);

	length = pointer.va_rawsize - VARHDRSZ;
	model = vgae_alloc_long(CurrentMemoryContext, pointer.va_rawsize);
	SET_VARSIZE(model, pointer.va_rawsize);
	for (int32 done = 0; done < length; done += FETCH_BYTES)
	{
		int32		piece = Min(length - done, FETCH_BYTES);
		struct varlena *slice;

		CHECK_FOR_INTERRUPTS();
		slice = detoast_attr_slice(stored, done, piece);
		if (VARSIZE_ANY_EXHDR(slice) != piece)
			elog(ERROR, "stored value is shorter than its pointer says");
		memcpy(VARDATA(model) + done, VARDATA_ANY(slice), piece);
		pfree(slice);
	}
	return model;
}

VgaeModel *
vgae_model_parse(struct varlena *bytes)
{
	VgaeModel  *model = palloc0(sizeof(VgaeModel));
	GaeModel   *core = &model->core;
	struct varlena *flat = vgae_model_fetch(bytes);

	/* Never ended: what it allocates is the model, which goes with the caller's memory context. */
	GaeEnv	   *env = vgae_env_begin();

	vgae_check(env, gae_model_read(env, (const uint8 *) VARDATA_ANY(flat),
								   VARSIZE_ANY_EXHDR(flat), core));
	if (!pg_is_ascii(core->library_version))
		refuse_model("Its library version is not a text.");
	if (!vgae_keys_read(core->keys.data, core->keys.length, &model->keys))
		refuse_model("Its node keys are damaged.");
	if (model->keys.count != core->nodes)
		refuse_model(psprintf("It has %d node keys for %d nodes.", model->keys.count, core->nodes));
	if (!vgae_schema_read(core->schema.data, core->schema.length, core->format_version,
						  &model->schema))
		refuse_model("Its description of the features is damaged.");
	if (model->schema.width != core->columns.features)
		refuse_model(psprintf("It describes %lld features, but has %lld.",
							  (long long) model->schema.width, (long long) core->columns.features));

	if (model->schema.indicators != core->columns.indicators)
		refuse_model(psprintf("It describes %d indicators, but has %lld.",
							  model->schema.indicators, (long long) core->columns.indicators));

	model->finder = vgae_key_finder_create(&model->keys);

	/* These two alone point into the bytes; what they hold has been copied. */
	memset(&core->keys, 0, sizeof(core->keys));
	memset(&core->schema, 0, sizeof(core->schema));
	if (flat != bytes)
		pfree(flat);
	return model;
}

int32
vgae_model_nodes(struct varlena *bytes)
{
	struct varlena *first = pg_detoast_datum_slice(bytes, 0, GAE_MODEL_GLANCE_BYTES);
	GaeEnv	   *env = vgae_env_begin();
	GaeModel   *model = palloc(sizeof(GaeModel));
	GaeStatus	status = gae_model_glance(env, (const uint8 *) VARDATA_ANY(first),
										  VARSIZE_ANY_EXHDR(first), model);
	int32		nodes = status == GAE_OK ? model->nodes : 0;

	vgae_env_end(env);
	pfree(model);
	if (first != bytes)
		pfree(first);
	return nodes;
}
