package org.focaldistill.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.LongAccumulator;
import org.focaldistill.metrics.Evaluation;
import org.focaldistill.spark.gpu.Engines;
import org.focaldistill.spark.gpu.SlotPlace;
import org.focaldistill.store.CheckpointFiles;
import org.focaldistill.store.ModelFiles;
import org.focaldistill.sweep.TrialStatus;
import org.focaldistill.train.Engine;
import org.focaldistill.train.TrialTrainer;
import org.focaldistill.weights.Safetensors;

/**
 * A leg of a teacher's training and where the teacher goes.
 *
 * @param leg its next leg
 * @param uri the model file to write
 * @param name the teacher's name
 */
record TeacherLeg(Leg leg, String uri, String name) implements Serializable {

    LegReport run(Configuration configuration, LongAccumulator trainedImages) throws IOException {
        Engine engine = Engines.of(leg.computation());
        TrialTrainer.LegOutcome outcome =
                LegRunner.inTask(configuration, trainedImages, engine).run(leg);
        SlotPlace place = SlotPlace.here(engine);
        if (outcome instanceof TrialTrainer.Finished finished) {
            leg.permit().requireValid(configuration);
            Evaluation test = finished.measured().evaluation();
            new ModelFiles(configuration)
                    .replace(new Path(uri), new Safetensors(finished.state().tensors(), about(test)));
            new CheckpointFiles(configuration, new Path(leg.checkpoints())).delete();
            return new LegReport(
                    finished.state().epochs(), TrialStatus.OK, TeacherHeader.text(test), place.host(), place.device());
        }
        if (outcome instanceof TrialTrainer.Diverged diverged) {
            String what = diverged.what() + " not finite at step " + diverged.step();
            return new LegReport(diverged.history().size(), TrialStatus.DIVERGED, what, place.host(), place.device());
        }
        return new LegReport(LegRunner.history(outcome).size(), null, "", place.host(), place.device());
    }

    private Map<String, String> about(Evaluation test) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "focaldistill teacher 1");
        about.put("name", name);
        about.put("classes", Integer.toString(leg.data().classes()));
        about.putAll(leg.definition());
        about.putAll(TeacherHeader.of(test, leg.data()));
        return about;
    }
}
