#include "lib/engine/kinds.h"
const struct oq_kindtable oq_kinds_losses={0}, oq_kinds_tables={0};
