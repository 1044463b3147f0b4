/**
 * Results in Spark SQL. In come a results folder and a query; out go rows of text. Begin at
 * {@link org.focaldistill.spark.sql.ResultQuery}; the views are those of {@code views.sql}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.sql;
