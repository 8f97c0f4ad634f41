#include "lib/engine/kinds.h"
const struct oq_kindtable oq_kinds_tables={0};
