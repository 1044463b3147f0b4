/**
 * Somebody's own images as a data set. In come files of PNG and JPEG with their classes, from an {@link
 * org.focaldistill.data.own.ImageSource}; out goes a data set of square images of one size, or a refusal that names the files or
 * classes that are wrong. Begin at {@link org.focaldistill.data.own.OwnImages}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.data.own;
