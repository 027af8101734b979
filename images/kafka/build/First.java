import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.util.function.Consumer;

/** Makes a method do something before its own code. */
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
