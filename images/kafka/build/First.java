import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.util.function.Consumer;

/** Has a method do something before all else. */
record First(Consumer<CodeBuilder> what) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
        what.accept(code);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        code.with(element);
    }
}
