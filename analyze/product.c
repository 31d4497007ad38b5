#include "analyze/product.h"

const Product *const products[N_PRODUCTS] = {
#define PRODUCT(id, product) [PRODUCT_##id] = &product,
#include "analyze/products.def"
#undef PRODUCT
};
