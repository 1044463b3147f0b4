/**
 * Where somebody's own images are, on any file system Hadoop knows: folders of files ({@link org.focaldistill.store.own.ImageFolder})
 * or Parquet tables ({@link org.focaldistill.store.own.ImageTable}). In comes their place, out go the images' bytes and classes.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.store.own;
