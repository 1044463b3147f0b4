package org.focaldistill.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.focaldistill.spark.bank.Bank;
import org.focaldistill.spark.bank.BankPages;
import org.focaldistill.spark.bank.BankSets;
import org.focaldistill.spark.input.ExecutorCache;
import org.focaldistill.train.BankTeacher;
import org.focaldistill.train.Teacher;
import org.jspecify.annotations.Nullable;

/** A leg's teacher in this JVM: none, its bank, or a network on loan. */
final class LegTeacher implements AutoCloseable {
    private final @Nullable Teacher teacher;
    private final ExecutorCache.@Nullable Loan loan;

    private LegTeacher(@Nullable Teacher teacher, ExecutorCache.@Nullable Loan loan) {
        this.teacher = teacher;
        this.loan = loan;
    }

    /** @param cancelled asked while the teacher makes what the bank lacks */
    static LegTeacher of(Leg leg, Configuration configuration, BooleanSupplier cancelled) throws IOException {
        if (leg.teacher() == null) {
            return new LegTeacher(null, null);
        }
        if (leg.bank() != null) {
            ExecutorCache.OF_THIS_JVM.closeIdleTeachers();
            return new LegTeacher(bank(leg, leg.bank(), configuration, cancelled), null);
        }
        ExecutorCache.Loan loan = ExecutorCache.OF_THIS_JVM.teacher(leg.teacher(), leg.data(), configuration);
        return new LegTeacher(loan.teacher(), loan);
    }

    private static Teacher bank(Leg leg, Bank bank, Configuration configuration, BooleanSupplier cancelled) {
        BankPages pages = BankPages.OF_THIS_JVM;
        BankSets sets = leg.bankSets();
        return new BankTeacher(
                set -> {
                    try {
                        return pages.page(bank, set, configuration, cancelled).logits();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                bank.key().half(),
                leg.data().trainImages(),
                sets.heldOut(),
                sets.test());
    }

    @Nullable Teacher teacher() {
        return teacher;
    }

    @Override
    public void close() {
        if (loan != null) {
            loan.close();
        }
    }
}
