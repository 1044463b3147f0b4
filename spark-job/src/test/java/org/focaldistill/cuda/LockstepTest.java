package org.focaldistill.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.focaldistill.cuda.driver.NoCardException;
import org.focaldistill.data.GeneratedImages;
import org.focaldistill.data.ImageSet;
import org.focaldistill.data.Views;
import org.focaldistill.loss.LossSettings;
import org.focaldistill.loss.LossWeights;
import org.focaldistill.net.Network;
import org.focaldistill.weights.NetworkTensors;
import org.focaldistill.weights.Safetensors;
import org.focaldistill.weights.Tensor;
import org.focaldistill.zoo.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several students in one launch, some of which leave before others. */
class LockstepTest {
    private static final ImageSet IMAGES = GeneratedImages.generate(10, 1, 3).train();
    private static final Network NETWORK = Architecture.RESNET8.network(100);
    /** The stand-in makes tensor cores' products one by one. */
    private static final Network SMALL = Branches.network();

    private static final int BATCH = 2;
    private static final int STEPS = 3;

    /** Of seeds, losses, learning rates, numbers of steps and images of their own. */
    @ParameterizedTest
    @EnumSource(Numerics.class)
    void a_student_s_numbers_are_the_same_bits_alone_and_among_others(Numerics numerics) throws NoCardException {
        List<String> alone = new ArrayList<>();
        for (int student = 0; student < 4; student++) {
            alone.addAll(train(List.of(student), numerics));
        }
        assertThat(alone).doesNotHaveDuplicates();
        assertThat(train(List.of(0, 1, 2, 3), numerics)).isEqualTo(alone);
        assertThat(train(List.of(2, 0), numerics)).containsExactly(alone.get(2), alone.get(0));
    }

    @Test
    void students_of_one_kind_are_in_one_lockstep_and_others_are_not() throws NoCardException {
        try (CardFixture fixture = new CardFixture();
                StepKernels kernels = new StepKernels(fixture.card, fixture.stream)) {
            Locksteps locksteps = new Locksteps(fixture.card, kernels);
            Network same = Architecture.RESNET8.network(100);
            try (Locksteps.Place first = locksteps.place(NETWORK, BATCH, STEPS, Numerics.FP32);
                    Locksteps.Place second = locksteps.place(same, BATCH, STEPS, Numerics.FP32);
                    Locksteps.Place tf32 = locksteps.place(same, BATCH, STEPS, Numerics.TF32);
                    Locksteps.Place longer = locksteps.place(same, BATCH, STEPS + 1, Numerics.FP32)) {
                assertThat(second.lockstep()).isSameAs(first.lockstep());
                assertThat(List.of(tf32.lockstep(), longer.lockstep())).doesNotContain(first.lockstep());
            }
            try (Locksteps.Place after = locksteps.place(NETWORK, BATCH, STEPS, Numerics.FP32)) {
                assertThat(after.lockstep().hasFailed()).isFalse();
            }
        }
    }

    /** Hashes of the tensors that students have after their steps together. */
    private static List<String> train(List<Integer> students, Numerics numerics) throws NoCardException {
        try (CardFixture fixture = new CardFixture();
                StepKernels kernels = new StepKernels(fixture.card, fixture.stream);
                CardImages images = new CardImages(fixture.card)) {
            kernels.load(numerics);
            Program program = Program.training(network(numerics), BATCH, STEPS, numerics);
            List<Arena> arenas = new ArrayList<>();
            for (int student : students) {
                Arena arena = new Arena(fixture.card, kernels, images, program, images(student), 0, () -> {});
                arenas.add(arena);
                give(arena, student);
            }
            try (Lockstep lockstep = new Lockstep(fixture.card, kernels, program)) {
                List<Lockstep.Member> members = new ArrayList<>();
                // Its thread begins when all have joined.
                synchronized (lockstep) {
                    for (int i = 0; i < students.size(); i++) {
                        members.add(lockstep.join(arenas.get(i).memory(), steps(students.get(i))));
                    }
                }
                for (int i = 0; i < students.size(); i++) {
                    assertThat(members.get(i).awaitMoreThan(steps(students.get(i)) - 1))
                            .isEqualTo(steps(students.get(i)));
                }
                members.forEach(Lockstep.Member::close);
            }
            List<String> hashes = arenas.stream()
                    .map(arena -> Safetensors.hash(arena.read(program.tensors().all(), program.tensors()::of)))
                    .toList();
            arenas.forEach(Arena::close);
            return hashes;
        }
    }

    private static void give(Arena arena, int student) {
        Program program = arena.program();
        Map<String, Tensor> tensors = NetworkTensors.initial(program.network(), student);
        arena.write(program.tensors().all(), program.tensors()::of, tensors);
        int[] indices = IntStream.range(0, images(student)).toArray();
        LossSettings loss = LossSettings.of(new LossWeights(0, 1, 0.1 * student));
        Head.Update update = new Head.Update(0.1 / (student + 1), 0.9, 5e-4);
        arena.give(IMAGES, indices, index -> Views.of(index, student), Head.Taught.NOT, loss, update);
    }

    private static Network network(Numerics numerics) {
        return numerics == Numerics.FP32 ? NETWORK : SMALL;
    }

    /** The last has two steps and half a one. */
    private static int images(int student) {
        return student == 3 ? 5 : 2 * (student + 1);
    }

    private static int steps(int student) {
        return (images(student) + BATCH - 1) / BATCH;
    }
}
