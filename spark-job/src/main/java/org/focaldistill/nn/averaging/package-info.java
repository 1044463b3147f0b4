/**
 * A network that several workers train, on copies that are averaged every few steps. In come {@link
 * org.focaldistill.nn.averaging.Rounds}, which run the workers wherever that is; out goes a {@link
 * org.focaldistill.train.Student} like any other. Begin with {@link org.focaldistill.nn.averaging.ParameterAveraging}; {@link
 * org.focaldistill.nn.averaging.RoundWorker} is the other end, whose steps Deeplearning4j makes or another engine.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.nn.averaging;
