package io.assay.cli;

/** Why a command did not do what it promises, in one line for the person who called it. */
public final class Failed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public Failed(String line) {
    super(line);
  }

  public Failed(String line, Throwable cause) {
    super(line, cause);
  }
}
