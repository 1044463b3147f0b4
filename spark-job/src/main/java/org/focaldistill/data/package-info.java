/**
 * Images and the order in which a training sees them. In come CIFAR archives or files of somebody's own, checked from end to end, or a seed for generated
 * images; out go {@link org.focaldistill.data.ImageDataSet}s of unsigned bytes in memory, and from a data seed alone which
 * images are held out, the order of each epoch, and each image's view (crop and flip as one integer). Begin at {@link
 * org.focaldistill.data.CifarArchive}, {@link org.focaldistill.data.GeneratedImages} or, for images of somebody's own, {@link
 * org.focaldistill.data.own.OwnImages}, then {@link
 * org.focaldistill.data.TrainingOrder} and {@link org.focaldistill.data.Views}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.data;
