package org.focaldistill.zoo;

import java.util.Arrays;
import java.util.List;
import org.focaldistill.net.ImageInput;
import org.focaldistill.net.Network;
import org.focaldistill.net.NetworkBuilder;

/** The networks that can be trained, under the names the RepDistiller and mdistiller zoo gives them. */
public enum Architecture {
    RESNET8("resnet8", Double.NaN, new ResNet(8, 16, 16, 32, 64)),
    RESNET20("resnet20", 69.06, new ResNet(20, 16, 16, 32, 64)),
    RESNET56("resnet56", 72.34, new ResNet(56, 16, 16, 32, 64)),
    RESNET110("resnet110", 74.31, new ResNet(110, 16, 16, 32, 64)),
    RESNET32X4("resnet32x4", 79.42, new ResNet(32, 32, 64, 128, 256)),
    WRN_40_2("wrn_40_2", 75.61, new WideResNet(40, 2)),
    SHUFFLE_V1("ShuffleV1", 70.50, new ShuffleNet(3, new int[] {240, 480, 960}, new int[] {4, 8, 4}));

    private static final String IMAGES = "images";

    private final String modelName;
    private final double publishedTop1;
    private final Family family;

    Architecture(String modelName, double publishedTop1, Family family) {
        this.modelName = modelName;
        this.publishedTop1 = publishedTop1;
        this.family = family;
    }

    /** The zoo's name, e.g. {@code resnet20}. */
    public String modelName() {
        return modelName;
    }

    /**
     * Top-1 accuracy on CIFAR-100 in percent that RepDistiller's README reports for this network trained alone; NaN if it
     * reports none.
     */
    public double publishedTop1() {
        return publishedTop1;
    }

    /** All names, smallest network of a family first. */
    public static List<String> modelNames() {
        return Arrays.stream(values()).map(Architecture::modelName).toList();
    }

    /** @throws IllegalArgumentException if there is none of that name; the message lists those there are */
    public static Architecture named(String modelName) {
        return Arrays.stream(values())
                .filter(a -> a.modelName.equals(modelName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Cannot build \"" + modelName + "\": the models are " + String.join(", ", modelNames())));
    }

    /**
     * The network's description, for images like CIFAR's.
     *
     * @param classes how many logits it yields
     */
    public Network network(int classes) {
        return network(ImageInput.CIFAR, classes);
    }

    /**
     * The network's description. All networks end with a mean over an image's pixels, so they have the same weights
     * whatever an image's size.
     *
     * @param images what it sees
     * @param classes how many logits it yields
     */
    public Network network(ImageInput images, int classes) {
        NetworkBuilder network = new NetworkBuilder(IMAGES, images.shape(), images.normalisation());
        family.addTo(network, classes);
        return network.build();
    }
}
