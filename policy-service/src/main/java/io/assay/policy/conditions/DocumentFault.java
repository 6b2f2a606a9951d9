package io.assay.policy.conditions;

/**
 * What is wrong with a policy's document.
 *
 * @param line from 1
 * @param column from 1
 * @param pointer JSON pointer into the document
 */
public record DocumentFault(String pointer, int line, int column, String detail) {

  @Override
  public String toString() {
    return "line " + line + ", column " + column + ": " + detail;
  }
}
