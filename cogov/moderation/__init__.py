"""Floor 5: what was written and should perhaps not stand: flags, holds, reasons, appeals, and the public ledger."""
