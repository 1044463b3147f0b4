/**
 * What a network is, in plain Java: {@link org.focaldistill.net.Node}s with their shapes, their parameters with the values
 * those start with, and what all of it costs. In comes a recipe of blocks, which room {@code zoo} writes with {@link
 * org.focaldistill.net.NetworkBuilder}; out goes a {@link org.focaldistill.net.Network}, of which the engines' networks and
 * the ONNX export are compiled. Nothing here says how an activation lies in memory. Begin with {@code Network}.
 */
@org.jspecify.annotations.NullMarked
package org.focaldistill.net;
