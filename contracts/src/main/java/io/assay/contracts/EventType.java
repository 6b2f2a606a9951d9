package io.assay.contracts;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names an event as it is stored: renaming or moving the record changes nothing in the log. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventType {

  /** The stored type, unique together with {@link #version()}. */
  String name();

  /** Counts up from 1 with each change of the event's shape. */
  int version() default 1;

  /** The services whose database role may append this event. */
  Writer[] writer();
}
