/* What the team produces beside robustness and SWOT (design.md section 1): each product reads the
 * data set, and the products and results that stand before it in products.def, into a structure of
 * its own, and publishes its figures. A new one is a file that defines `const Product
 * product_<name>`, its structure and an accessor in its header, and one row in products.def. */
#ifndef INNSIKT_ANALYZE_PRODUCT_H
#define INNSIKT_ANALYZE_PRODUCT_H

#include "analyze/results.h"

typedef struct {
    /* Computes it; NULL when there are no data for it. Ratings, themes, findings and involvement
     * stand in `results` already; figures do not. */
    gpointer (*compute)(const Results *results);
    /* Adds its figures (analyze/figure.h). */
    void (*publish)(Results *results, gconstpointer product);
    GDestroyNotify free;
} Product;

#define PRODUCT(id, product) extern const Product product;
#include "analyze/products.def"
#undef PRODUCT

extern const Product *const products[N_PRODUCTS];

#endif
