package org.focaldistill.config;

/** The archives that can be read, with their official place and checksum (binary version). */
public enum CifarFormat {
    CIFAR100("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8"),
    CIFAR10("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530");

    private final String url;
    private final String md5;

    CifarFormat(String url, String md5) {
        this.url = url;
        this.md5 = md5;
    }

    /** Where its authors publish the archive. */
    public String url() {
        return url;
    }

    /** The checksum its authors publish, in lower case. */
    public String md5() {
        return md5;
    }
}
