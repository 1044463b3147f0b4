/**
 * All that is kept, on any file system Hadoop knows and without Spark. In come images, teachers' logits, models, checkpoints,
 * plans and outcomes of trials; out go files, Parquet or safetensors, and the same values when they are read back. Each file
 * is published whole or not at all; images, logits and checkpoints are held to a checksum when they are read.
 *
 * <p>Begin with {@link org.focaldistill.store.AtomicFiles}, how a file is published, and {@link
 * org.focaldistill.store.ResultStore}, the tables of results and their commit; the columns are in its tables, such as {@code
 * TrialsTable}. Then by what is kept: {@link org.focaldistill.store.ShardStore} images, {@link
 * org.focaldistill.store.BankFiles} logits, {@link org.focaldistill.store.ModelFiles} models, {@link
 * org.focaldistill.store.CheckpointFiles} checkpoints. A sweep that runs leaves {@link org.focaldistill.store.Lease}, {@link
 * org.focaldistill.store.OpenTrials}, {@link org.focaldistill.store.OpenEpochs}, {@link
 * org.focaldistill.store.DriverNote} and {@link org.focaldistill.store.EventLog} beside its results, its tasks ask {@link org.focaldistill.store.WritePermit} before they
 * write, and {@link org.focaldistill.store.Leftovers} takes away what killed ones left. {@link
 * org.focaldistill.store.ProcessUser} is who does all that.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.store;
