/**
 * A teacher's logits, computed once for all trials. In come images, a teacher and the sets that a training asks about; out
 * go files of the bank and, from them, logits. Begin at {@link org.focaldistill.spark.bank.BankFiller}, the driver's side,
 * whose tasks use BankPages, the executors'; BankPlan says beforehand what there is to do.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.spark.bank;
