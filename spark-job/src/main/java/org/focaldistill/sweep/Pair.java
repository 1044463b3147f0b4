package org.focaldistill.sweep;

/**
 * A teacher and the student that learns from it.
 *
 * @param teacher the teacher's name
 * @param student the student's architecture
 */
public record Pair(String teacher, String student) {
    public Pair {
        if (teacher.isBlank() || student.isBlank()) {
            throw new IllegalArgumentException(
                    "A pair needs a teacher and a student, found '" + teacher + "' and '" + student + "'");
        }
    }

    @Override
    public String toString() {
        return teacher + " -> " + student;
    }
}
