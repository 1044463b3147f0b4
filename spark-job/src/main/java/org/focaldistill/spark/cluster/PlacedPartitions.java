package org.focaldistill.spark.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** A partition an element, each with the executor where its task is best. */
public final class PlacedPartitions {
    private PlacedPartitions() {}

    /**
     * Makes them.
     *
     * @param locations of the first partitions, in turn; none if Spark is to choose
     */
    public static <T> JavaRDD<T> of(JavaSparkContext spark, List<T> elements, List<String> locations) {
        if (locations.isEmpty()) {
            return spark.parallelize(elements, elements.size());
        }
        List<Tuple2<T, Seq<String>>> placed = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            placed.add(new Tuple2<>(elements.get(i), seq(List.of(locations.get(i % locations.size())))));
        }
        ClassTag<T> any = ClassTag$.MODULE$.apply(Object.class);
        return spark.sc().makeRDD(seq(placed), any).toJavaRDD();
    }

    private static <E> Seq<E> seq(List<E> list) {
        return JavaConverters.asScalaBuffer(list).toList();
    }
}
