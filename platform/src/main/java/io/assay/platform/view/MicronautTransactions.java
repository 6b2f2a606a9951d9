package io.assay.platform.view;

import io.micronaut.transaction.SynchronousTransactionManager;
import io.micronaut.transaction.TransactionDefinition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.messaging.core.unitofwork.transaction.Transaction;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;

/** Lets Axon's units of work run in Micronaut's transactions, on one and the same connection. */
final class MicronautTransactions implements TransactionManager, ConnectionProvider {

  private final SynchronousTransactionManager<Connection> transactions;

  MicronautTransactions(SynchronousTransactionManager<Connection> transactions) {
    this.transactions = transactions;
  }

  @Override
  public Transaction startTransaction() {
    var status = transactions.getTransaction(TransactionDefinition.DEFAULT);
    return new Transaction() {
      @Override
      public void commit() {
        transactions.commit(status);
      }

      @Override
      public void rollback() {
        transactions.rollback(status);
      }
    };
  }

  @Override
  public boolean requiresSameThreadInvocations() {
    return true;
  }

  /** The transaction's connection; closing it is left to the transaction. */
  @Override
  public Connection getConnection() {
    var ambient = transactions.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(ambient, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
