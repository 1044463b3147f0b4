package org.focaldistill.spark;

import java.io.IOException;

/** Asks for ND4J's backend as a driver of trials on several slots does. */
final class RequireBackendProgram {
    private RequireBackendProgram() {}

    public static void main(String[] arguments) {
        try {
            AveragingLeg.requireBackend();
            System.out.println("there is one");
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
