/* SPDX-License-Identifier: MIT */
/* meaning.c - datasets with the types that the conventions of others give */

#include "lib/convention/meaning.h"

#include "lib/convention/matlab.h"

int oq_meaning_open(struct oq_h5 *h5, bool conventions, uint64_t addr,
		    struct oq_h5_dset **out, struct oq_err *err)
{
	int r = oq_h5_dset_open(h5, addr, out, err);
	struct oq_dtype *t = NULL;

	if (r == 0 && conventions)
		t = oq_matlab_type(h5, oq_h5_dset_info(*out));
	if (t)
		oq_h5_dset_show_as(*out, t);
	return r;
}
